"""What can be done and seen in every world: actions, signals, subjects."""

from __future__ import annotations

from typing import Final

ACTIONS: Final = (
    "call:follow_up",
    "call:discovery",
    "call:negotiation",
    "event:meeting",
    "event:demo",
    "event:contract_review",
    "email:follow_up",
    "email:product_info",
    "email:quote",
    "email:discount",
    "email:trial_extension",
    "email:renewal",
)
KIND_OF: Final = tuple(action.split(":")[0] for action in ACTIONS)
PURPOSE_OF: Final = tuple(action.split(":")[1] for action in ACTIONS)

# Signal -> (channel, share of all signals, group). Campaign clicks and opens come by chance, whatever the deal.
SIGNALS: Final = {
    "visit": ("web", 0.28, "web"),
    "chat": ("chat", 0.085, "talk"),
    "form": ("web_form", 0.06, "talk"),
    "ticket": ("support", 0.065, "talk"),
    "campaign_open": ("campaign", 0.09, "web"),
    "campaign_click": ("campaign", 0.05, "web"),
    "comment": ("social", 0.04, "social"),
    "like_or_dm": ("social", 0.075, "social"),
    "wall_post": ("social", 0.02, "social"),
    "survey": ("survey", 0.02, "social"),
    "webinar": ("webinar", 0.035, "web"),
    "portal": ("portal", 0.06, "web"),
    "call_in": ("", 0.115, "call"),
    "email_in": ("", 0.15, "mail"),
}
SIGNAL_TYPES: Final = tuple(SIGNALS)
GROUPS: Final = ("none", "web", "talk", "social", "call", "mail")  # of the last signal; a reply or click is "mail"
GROUP_OF: Final = tuple(GROUPS.index(SIGNALS[name][2]) for name in SIGNALS)
SAYS_NOTHING: Final = ("campaign_open", "campaign_click")

TYPES: Final = ("New Business", "Existing Business", "Renewal")
LEAD_SOURCES: Final = ("Web", "Referral", "Partner", "Trade Show", "Cold Call")
SOURCE_SHARES: Final = (0.4, 0.15, 0.15, 0.1, 0.2)
SOURCE_PROMISE: Final = (0.0, 0.5, 0.2, -0.35, -0.55)
LEAD_STATUSES: Final = ("Not Contacted", "Contacted", "Qualified", "Converted", "Junk")

# Half of a purpose's subjects are English, half Japanese; each tells its purpose.
SUBJECTS: Final = {
    "follow_up": (
        "Following up on our last talk",
        "Any news on your side?",
        "その後のご状況について",
        "フォローのご連絡",
    ),
    "discovery": (
        "Discovery call: your requirements",
        "Needs analysis interview",
        "課題のヒアリング",
        "ご要望のヒアリング",
    ),
    "negotiation": ("Negotiation of terms", "Negotiating price and conditions", "価格交渉", "条件交渉のお願い"),
    "meeting": ("Meeting with the project team", "Face-to-face meeting", "お打ち合わせ", "定例ミーティング"),
    "demo": ("Demo of the product", "Product demonstration", "製品デモのご案内", "デモンストレーション"),
    "contract_review": ("Contract review", "Review of the contract draft", "契約書レビュー", "契約内容の確認"),
    "product_info": ("Product information", "Brochure and data sheet", "製品資料", "製品カタログの送付"),
    "quote": ("Quotation", "Your quote for the licences", "お見積書", "お見積もりの件"),
    "discount": ("A discount for you", "Special discount offer", "割引のご提案", "特別値引きのご案内"),
    "trial_extension": ("Trial extension", "Extending your trial period", "試用期間の延長", "トライアル延長について"),
    "renewal": ("Renewal of your subscription", "Contract renewal options", "契約更新のご案内", "更新のご相談"),
}
TASKS: Final = ("Update the records", "Ask a colleague", "社内共有", "社内報告")
