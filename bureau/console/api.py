"""The one base of what institutions' systems may call: JSON alone, one key one institution, every call written down.

A view declares its methods and calls selectors and services `by` the key. Around it stand, in this order: the key, the
count of calls, the second wall (`walls.as_institution`), and the log; errors leave as `{code, message, where}`.
"""

from __future__ import annotations

import logging
from contextlib import ExitStack
from datetime import timedelta
from typing import TYPE_CHECKING, Any, ClassVar, cast

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.utils.decorators import method_decorator
from rest_framework import exceptions
from rest_framework.authentication import BaseAuthentication
from rest_framework.parsers import BaseParser
from rest_framework.permissions import BasePermission
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from bureau import walls
from bureau.console import security_events
from bureau.console.addresses import address_of
from bureau.console.limits import Limit
from bureau.kernel import strict_json
from bureau.kernel.errors import BusinessError
from bureau.organization.services import institution_calls, institution_keys, sign_in, tallies

if TYPE_CHECKING:
    from bureau.organization.models import InstitutionKey

log = logging.getLogger(__name__)

CALLS = Limit("api", 600, timedelta(minutes=10), "调用过于频繁，请稍后再试。")
WRONG_KEYS = Limit("api_key", 30, timedelta(minutes=15), "密钥错误次数过多，请稍后再试。")
MOST_BYTES = 20 * 1024 * 1024
ABSENT = "没有这个对象，或它不属于本机构。"


class Refused(exceptions.APIException):
    """A refusal with its place in the body."""

    def __init__(self, status: int, code: str, message: str, where: str = "") -> None:
        super().__init__(message)
        self.status_code, self.code, self.message, self.where = status, code, message, where


class KeyAuthentication(BaseAuthentication):
    """`Authorization: Bearer ybk_…`."""

    def authenticate(self, request: Request) -> tuple[None, InstitutionKey]:
        kind, _, text = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
        key = institution_keys.authenticate(text.strip()) if kind.lower() == "bearer" else None
        if key is None:
            _count(WRONG_KEYS, f"address:{sign_in.hashed(address_of(request._request))}")
            # The count before bounds the lines.
            security_events.record("portal.key_refused", "接口密钥不对或已失效", request._request, by=None)
            raise exceptions.AuthenticationFailed
        return None, key

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


class WithKey(BasePermission):
    """Whoever has a key that holds; what it reaches, the wall and the selectors say."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        return request.auth is not None


class StrictParser(BaseParser):
    """JSON of a bounded size."""

    media_type = "application/json"

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        content = stream.read(MOST_BYTES + 1)
        if len(content) > MOST_BYTES:
            raise Refused(413, "api.too_large", "内容超过 20 MB，请分批报送。")
        try:
            return strict_json.loads(content)
        except BusinessError as error:
            raise Refused(400, error.code, error.message) from None


@method_decorator(login_not_required, name="dispatch")
class InstitutionView(APIView):
    """The base; `key(request)` is who calls."""

    authentication_classes: ClassVar = [KeyAuthentication]
    permission_classes: ClassVar = [WithKey]
    parser_classes: ClassVar = [StrictParser]
    renderer_classes: ClassVar = [JSONRenderer]
    throttle_classes: ClassVar[list[Any]] = []
    metadata_class = None
    http_method_names: ClassVar = ["get", "post"]
    # Set by a deed that was written down in its own transaction.
    is_recorded = False

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        with ExitStack() as self.acting:
            return super().dispatch(request, *args, **kwargs)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        if settings.SECURE_SSL_REDIRECT and not request.is_secure():
            log.warning("an institution's call came without TLS")
            raise Refused(403, "api.no_tls", "只接受 https。密钥已以明文传输，请改用 https 并更换密钥。")
        super().initial(request, *args, **kwargs)
        by = key(request)
        _count(CALLS, f"key:{by.pk}")
        self.acting.enter_context(walls.as_institution(by.pk))

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(request, response, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        # Only what the wall knows is written here; unknown keys are counted by their address.
        if walls.actor().startswith("-") and not self.is_recorded:
            institution_calls.record(what=self._what(request), status=response.status_code, by=key(request))
        return response

    def get_exception_handler(self) -> Any:
        return answered

    def _what(self, request: Request) -> str:
        match = request.resolver_match
        return f"{request.method} {match.url_name if match else ''}"[:60]


class Unknown(InstitutionView):
    """Every other address below the interface."""

    def get(self, request: Request, **_: Any) -> Response:
        raise Http404

    post = get


def key(request: Request) -> InstitutionKey:
    """The key that calls."""
    return cast("InstitutionKey", request.auth)


def answered(error: Exception, context: dict[str, Any]) -> Response | None:
    """Every refusal in one shape; what is an error of ours goes its usual way."""
    headers: dict[str, str] = {}
    if isinstance(error, exceptions.Throttled):
        headers["Retry-After"] = str(int(error.wait or 1))
    if isinstance(error, exceptions.NotAuthenticated | exceptions.AuthenticationFailed):
        headers["WWW-Authenticate"] = "Bearer"
    refused = _refused(error)
    if refused is None:
        return None
    body = {"code": refused.code, "message": refused.message, "where": refused.where}
    return Response(body, status=refused.status_code, headers=headers)


def _refused(error: Exception) -> Refused | None:
    if isinstance(error, Refused):
        return error
    if isinstance(error, BusinessError):
        return Refused(409, error.code, error.message)
    if isinstance(error, Http404 | exceptions.NotFound):
        return Refused(404, "api.absent", ABSENT)
    if isinstance(error, exceptions.Throttled):
        return Refused(429, "api.too_often", str(error.detail))
    if isinstance(error, exceptions.NotAuthenticated | exceptions.AuthenticationFailed):
        return Refused(401, "api.key", "没有密钥，或密钥已失效、已吊销。")
    if isinstance(error, PermissionDenied | exceptions.PermissionDenied):
        return Refused(403, "api.forbidden", "这个密钥不能办理此项业务。")
    if isinstance(error, exceptions.APIException):
        words = {405: "这个地址不接受这种请求。", 406: "只提供 JSON。", 415: "请以 application/json 报送。"}
        code = error.status_code
        return Refused(code, f"api.{error.default_code}", words.get(code, "请求不能识别。"))
    return None


def _count(limit: Limit, who: str) -> None:
    count = tallies.take(f"{limit.name}:{who}", most=limit.most, within=limit.within)
    if count.is_over:
        error = exceptions.Throttled(wait=count.seconds)
        error.detail = limit.sentence
        raise error
