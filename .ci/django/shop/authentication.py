from rest_framework_simplejwt.authentication import JWTAuthentication


class CookieAuthentication(JWTAuthentication):
    """Reads the access token from its cookie alone, and never from a header.

    There is no protection against forged requests here: a browser sends the cookie by itself.
    """

    def authenticate(self, request):
        raw_token = request.COOKIES.get("access_token")
        if not raw_token:
            return None
        token = self.get_validated_token(raw_token)
        return self.get_user(token), token
