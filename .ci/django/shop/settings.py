"""A small shop on Django and SimpleJWT, which the tests put behind a proxy, beside Gatehouse.

Everything that a test varies comes from the environment:

SHOP_DATABASE   file of the SQLite database
SHOP_SECRET     what SimpleJWT signs with, and checks HS256 with
SHOP_ALGORITHM  HS256 (the default) or ES256
SHOP_JWK_URL    where the public keys are, for ES256
"""

import os

SECRET_KEY = "Django's own, which signs no token"
DEBUG = False
ALLOWED_HOSTS = ["*"]  # the proxy decides which names the shop has
ROOT_URLCONF = "shop.urls"
INSTALLED_APPS = ["django.contrib.contenttypes", "django.contrib.auth", "rest_framework", "shop.apps.Accounts"]
MIDDLEWARE = ["shop.views.signed_by_django"]
AUTH_USER_MODEL = "accounts.Staff"
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": os.environ["SHOP_DATABASE"]}}
USE_TZ = True
DATA_UPLOAD_MAX_MEMORY_SIZE = None  # the proxy has the limit

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["shop.authentication.CookieAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
}

SIMPLE_JWT = {
    "SIGNING_KEY": os.environ["SHOP_SECRET"],
    "ALGORITHM": os.environ.get("SHOP_ALGORITHM", "HS256"),
    "JWK_URL": os.environ.get("SHOP_JWK_URL"),
    # Gatehouse looks at a token when a request begins, and Django when it has arrived. Only requests
    # that Gatehouse has let pass come here, so the leeway lets nobody else in.
    "LEEWAY": 60,
}
