"""Time zones as people write them: abbreviations, offsets, cities; and the offset they have at a given moment."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

_OFFSET = re.compile(r"(?:utc|gmt)?\s*([+\-−±])\s*(\d{1,2})(?::?(\d\d))?\Z", re.IGNORECASE)

# What an abbreviation means to most who write it. A zone name is asked for the offset of the day; an offset is fixed.
ABBREVIATIONS = {
    "utc": "+00:00", "gmt": "+00:00", "z": "+00:00", "wet": "Europe/Lisbon", "west": "+01:00", "bst": "+01:00",
    "ist": "+05:30", "cet": "Europe/Paris", "cest": "+02:00", "mez": "Europe/Paris", "mesz": "+02:00",
    "eet": "Europe/Helsinki", "eest": "+03:00", "msk": "+03:00", "gst": "+04:00", "get": "+04:00", "pkt": "+05:00",
    "ict": "+07:00", "wib": "+07:00", "sgt": "+08:00", "hkt": "+08:00", "myt": "+08:00", "pht": "+08:00",
    "awst": "+08:00", "jst": "+09:00", "kst": "+09:00", "acst": "+09:30", "acdt": "+10:30", "aest": "+10:00",
    "aedt": "+11:00", "nzst": "+12:00", "nzdt": "+13:00", "est": "-05:00", "edt": "-04:00", "et": "America/New_York",
    "cst": "-06:00", "cdt": "-05:00", "ct": "America/Chicago", "mst": "-07:00", "mdt": "-06:00",
    "mt": "America/Denver", "pst": "-08:00", "pdt": "-07:00", "pt": "America/Los_Angeles", "akst": "-09:00",
    "akdt": "-08:00", "hst": "-10:00", "brt": "-03:00", "art": "-03:00", "clt": "America/Santiago", "nst": "-03:30",
}  # fmt: skip

# "3 pm London time", 「シンガポール時間15時」
PLACES = {
    "tokyo": "Asia/Tokyo", "japan": "Asia/Tokyo", "japanese": "Asia/Tokyo", "osaka": "Asia/Tokyo",
    "london": "Europe/London", "uk": "Europe/London", "british": "Europe/London", "dublin": "Europe/Dublin",
    "berlin": "Europe/Berlin", "munich": "Europe/Berlin", "frankfurt": "Europe/Berlin", "german": "Europe/Berlin",
    "paris": "Europe/Paris", "french": "Europe/Paris", "madrid": "Europe/Madrid", "rome": "Europe/Rome",
    "milan": "Europe/Rome", "amsterdam": "Europe/Amsterdam", "brussels": "Europe/Brussels", "zurich": "Europe/Zurich",
    "vienna": "Europe/Vienna", "stockholm": "Europe/Stockholm", "oslo": "Europe/Oslo", "warsaw": "Europe/Warsaw",
    "copenhagen": "Europe/Copenhagen", "helsinki": "Europe/Helsinki", "lisbon": "Europe/Lisbon",
    "moscow": "Europe/Moscow", "istanbul": "Europe/Istanbul", "dubai": "Asia/Dubai", "mumbai": "Asia/Kolkata",
    "delhi": "Asia/Kolkata", "bangalore": "Asia/Kolkata", "india": "Asia/Kolkata", "indian": "Asia/Kolkata",
    "singapore": "Asia/Singapore", "beijing": "Asia/Shanghai", "shanghai": "Asia/Shanghai", "china": "Asia/Shanghai",
    "taipei": "Asia/Taipei", "seoul": "Asia/Seoul", "korea": "Asia/Seoul", "bangkok": "Asia/Bangkok",
    "jakarta": "Asia/Jakarta", "manila": "Asia/Manila", "hanoi": "Asia/Ho_Chi_Minh", "sydney": "Australia/Sydney",
    "melbourne": "Australia/Melbourne", "brisbane": "Australia/Brisbane", "perth": "Australia/Perth",
    "auckland": "Pacific/Auckland", "york": "America/New_York", "boston": "America/New_York",
    "toronto": "America/Toronto", "chicago": "America/Chicago", "dallas": "America/Chicago",
    "denver": "America/Denver", "seattle": "America/Los_Angeles", "california": "America/Los_Angeles",
    "francisco": "America/Los_Angeles", "angeles": "America/Los_Angeles", "vancouver": "America/Vancouver",
    "paulo": "America/Sao_Paulo", "eastern": "America/New_York", "central": "America/Chicago",
    "mountain": "America/Denver", "pacific": "America/Los_Angeles", "european": "Europe/Paris",
    "日本": "Asia/Tokyo", "東京": "Asia/Tokyo", "英国": "Europe/London", "イギリス": "Europe/London",
    "ロンドン": "Europe/London", "ドイツ": "Europe/Berlin", "ベルリン": "Europe/Berlin", "パリ": "Europe/Paris",
    "フランス": "Europe/Paris", "中央ヨーロッパ": "Europe/Paris", "中央欧州": "Europe/Paris",
    "シンガポール": "Asia/Singapore", "中国": "Asia/Shanghai", "北京": "Asia/Shanghai", "上海": "Asia/Shanghai",
    "香港": "Asia/Hong_Kong", "台湾": "Asia/Taipei", "台北": "Asia/Taipei", "韓国": "Asia/Seoul",
    "ソウル": "Asia/Seoul", "タイ": "Asia/Bangkok", "バンコク": "Asia/Bangkok", "インド": "Asia/Kolkata",
    "ドバイ": "Asia/Dubai", "シドニー": "Australia/Sydney", "ニューヨーク": "America/New_York",
    "米国東部": "America/New_York", "東部": "America/New_York", "東部標準": "America/New_York",
    "米国中部": "America/Chicago", "シカゴ": "America/Chicago", "米国西部": "America/Los_Angeles",
    "西海岸": "America/Los_Angeles", "東海岸": "America/New_York", "太平洋": "America/Los_Angeles",
    "太平洋標準": "America/Los_Angeles", "米国太平洋": "America/Los_Angeles", "ロサンゼルス": "America/Los_Angeles",
    "サンフランシスコ": "America/Los_Angeles", "協定世界": "+00:00", "世界標準": "+00:00", "グリニッジ標準": "+00:00",
    "日本標準": "Asia/Tokyo", "中国標準": "Asia/Shanghai", "ハワイ": "Pacific/Honolulu",
}  # fmt: skip

DAY_FIRST_OUTSIDE = ("America/", "US/", "Canada/", "Asia/Tokyo", "Asia/Shanghai", "Asia/Seoul", "Asia/Taipei")
DAY_FIRST_WITHIN_AMERICA = ("America/Sao_Paulo", "America/Argentina", "America/Bogota", "America/Lima",
                            "America/Santiago", "America/Mexico_City")  # fmt: skip


def written_offset(text: str) -> str:
    """'+9', 'GMT+0900', 'UTC -8' as '+09:00'; "" if it is none."""
    match = _OFFSET.match(text.strip())
    if match is None:
        return ""
    sign, hours, minutes = match.groups()
    if int(hours) > 14 or int(minutes or 0) > 59:
        return ""
    return f"{'-' if sign in '-−' else '+'}{int(hours):02d}:{int(minutes or 0):02d}"


def offset_at(zone: str, local: datetime) -> str:
    """The offset ("+09:00") that a zone has when its own clocks show `local`; "" for zones nobody knows."""
    if not zone or zone[0] in "+-":
        return zone
    found = zone_named(zone)
    if found is None:
        return ""
    shift = local.replace(tzinfo=found).utcoffset() or timedelta(0)
    minutes = round(shift.total_seconds() / 60)
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"


@lru_cache(maxsize=256)
def zone_named(name: str) -> ZoneInfo | None:
    """A zone of the IANA database, or None."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return None


def zone_of(name: str) -> tzinfo | None:
    """A zone by its IANA name or its offset ("+09:00"), or None."""
    offset = written_offset(name)
    if not offset:
        return zone_named(name)
    hours, minutes = offset[1:].split(":")
    shift = timedelta(hours=int(hours), minutes=int(minutes))
    return timezone(-shift if offset[0] == "-" else shift)


def offset_writes_day_first(offset: timedelta | None) -> bool:
    """The same where only the offset from UTC is known: Europe to India, and Australia; UTC itself tells nothing."""
    return offset is not None and (
        timedelta(hours=1) <= offset <= timedelta(hours=6, minutes=30) or offset >= timedelta(hours=10)
    )


def writes_day_first(time_zone: str) -> bool:
    """Do people in this zone write 7 December as 7/12? Unknown zones: no, as American English has it."""
    if not time_zone or "/" not in time_zone or time_zone.startswith("Etc/"):
        return False
    return time_zone.startswith(DAY_FIRST_WITHIN_AMERICA) or not time_zone.startswith(DAY_FIRST_OUTSIDE)
