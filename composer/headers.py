"""Headers that every answer bears, whatever made it: pages, fragments, refusals, and what broke on
the way.

It stands before everything that could answer or fail. Files are left to WhiteNoise, which lets them
be kept for long.
"""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

# Of what a browser can give to a page it needs the clipboard alone, for copied steps and ids.
NOTHING = [
    "accelerometer",
    "autoplay",
    "bluetooth",
    "browsing-topics",
    "camera",
    "display-capture",
    "encrypted-media",
]
NOTHING += [
    "fullscreen",
    "geolocation",
    "gyroscope",
    "hid",
    "idle-detection",
    "local-fonts",
    "magnetometer",
]
NOTHING += [
    "microphone",
    "midi",
    "payment",
    "picture-in-picture",
    "screen-wake-lock",
    "serial",
    "usb",
]
NOTHING += ["web-share", "xr-spatial-tracking"]
CLIPBOARD = ["clipboard-read=(self)", "clipboard-write=(self)"]
ALWAYS = {
    "Permissions-Policy": ", ".join(f"{name}=()" for name in NOTHING)
    + ", clipboard-read=(self), clipboard-write=(self)",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": settings.SECURE_REFERRER_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": settings.X_FRAME_OPTIONS,
}


def middleware(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    def answered(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        for name, value in ALWAYS.items():
            response.headers.setdefault(name, value)
        if not request.path_info.startswith(settings.STATIC_URL):
            response.headers["Cache-Control"] = "no-store"
        return response

    return answered
