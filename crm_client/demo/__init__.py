"""Minamo IT Supply / ミナモITサプライ: a made-up shop with two years of made-up sales, for trying everything out."""
