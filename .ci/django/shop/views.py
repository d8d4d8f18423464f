import hashlib
import threading

from django.http import HttpResponse, JsonResponse, StreamingHttpResponse
from django.views.decorators.csrf import csrf_exempt
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework_simplejwt.authentication import JWTAuthentication

from .models import Effect, Staff

# The names that a proxy tells Django, as WSGI spells them.
IDENTITY = ["REMOTE_USER", "REMOTE_EMAIL", "REMOTE_NAME", "REMOTE_GROUPS", "REMOTE_SESSION", "X_GATEHOUSE_ACCESS_TOKEN"]


def signed_by_django(get_response):
    """Middleware that says in each answer that it is Django's."""

    def answer(request):
        response = get_response(request)
        response["X-Answered-By"] = "django"
        return response

    return answer


class Jobs(APIView):
    """What the shop's app asks for in the background. It tells whose token came, and its claims."""

    def get(self, request):
        return Response({"email": request.user.email, "claims": request.auth.payload})


class JobsByHeader(Jobs):
    """The same for programs, which send their token in a header."""

    authentication_classes = [JWTAuthentication]


class Effects(APIView):
    """Does something with each POST, and tells how often it was done for this person."""

    def post(self, request):
        Effect.objects.create(staff=request.user)
        return self.get(request)

    def get(self, request):
        return Response({"effects": Effect.objects.filter(staff=request.user).count()})


class StaffList(APIView):
    """What Django still tells about people, under a path like those that Gatehouse has taken over."""

    def get(self, request):
        return Response({"staff": Staff.objects.count()})


class Upload(APIView):
    """Takes a file of any size, and tells what has arrived."""

    parser_classes = []

    def post(self, request):
        digest, size = hashlib.sha256(), 0
        while block := request._request.read(1 << 16):
            digest.update(block)
            size += len(block)
        return Response({"size": size, "sha256": digest.hexdigest()})


class Stream(APIView):
    """Sends a line, and the next one when a POST has said so."""

    goes_on = {}

    def get(self, request):
        event = self.goes_on[request.user.pk] = threading.Event()

        def lines():
            yield b"one\n"
            yield b"two\n" if event.wait(30) else b"late\n"

        return StreamingHttpResponse(lines(), content_type="text/plain")

    def post(self, request):
        self.goes_on[request.user.pk].set()
        return Response({})


@csrf_exempt
def who(request):
    """Tells who the request says that it comes from, and what tokens it carries. Open to everybody."""
    return JsonResponse({
        "identity": {name: request.META.get("HTTP_" + name) for name in IDENTITY},
        "authorization": request.META.get("HTTP_AUTHORIZATION"),
        "cookie": request.META.get("HTTP_COOKIE"),
        "access_token": request.COOKIES.get("access_token"),
        "path": request.get_full_path(),
    })


@csrf_exempt
def stand_in(request):
    """Stands for a view that Django keeps, or that Gatehouse has taken over."""
    return JsonResponse({"path": request.path})


APP = """<!doctype html><title>Jobs</title><h1>Jobs</h1><script>
const seen = {lifetimes: new Set(), answered: 0, refused: 0, signedOut: 0, reason: ""};
async function ask(path) {
  const response = await fetch(path);
  if (response.status === 401) {
    seen.refused++;
    seen.reason = `${path}: ${response.headers.get("X-Answered-By") ?? "Gatehouse"} says ${await response.text()}`;
    await fetch("/accounts/logout/", {method: "POST"});
    seen.signedOut++;
    return;
  }
  const answer = await response.json();
  seen.answered++;
  if (answer.claims) seen.lifetimes.add(answer.claims.exp);
}
async function work() {
  for (;;) {
    await Promise.all([ask("/api/jobs/"), ask("/accounts/me/")]);
    await new Promise((done) => setTimeout(done, 100));
  }
}
work();
</script>"""


def app(request):
    """The shop's app. It never refreshes a token, and answers any 401 by signing out."""
    return HttpResponse(APP)
