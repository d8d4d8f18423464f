from django.apps import AppConfig


class Accounts(AppConfig):
    """Has the label that the shop's tables and lists of staff have: accounts.staff."""

    name = "shop"
    label = "accounts"
