"""Production: refuses to start without secrets, addresses and host names, and speaks TLS only."""

import ssl

from bureau.settings import env
from bureau.settings.base import *  # noqa: F403
from bureau.settings.base import BASE_DIR, DATABASE_DEFAULTS, SESSION_LIMITS

DATABASE_SENTENCES = {
    "DATABASE_URL": "应用角色的数据库地址，例如 postgresql://用户:密码@主机/库名?sslmode=verify-full&sslrootcert=证书文件。",
    "DATABASE_OWNER_URL": "迁移由数据库属主执行，请给出属主角色的数据库地址；只在执行 migrate 时需要。",
}
DATABASE = env.database_variable()
env.required(
    {
        "SECRET_KEY": "用于签名会话的随机密钥，不少于 50 个字符，请妥善保管。",
        "SECOND_FACTOR_KEY": "用于推导二次验证密钥的随机密钥，不少于 50 个字符；更换后所有人须重新绑定。",
        "FIELD_KEYS": "加密证件号、电话、账号的密钥环，写成 编号:base64，多把用逗号分开，最新的在前。",
        "FIELD_INDEX_KEY": "按证件号精确查询所用的索引密钥，32 个随机字节的 base64。",
        DATABASE: DATABASE_SENTENCES[DATABASE],
        "REDIS_URL": "消息队列（Valkey 或 Redis）的地址，例如 rediss://用户:密码@主机:6379/0。",
        "ALLOWED_HOSTS": "门户的域名，多个用逗号分开。",
    }
)

DEBUG = False
SECRET_KEY = env.secret("SECRET_KEY", shortest=50)
# The former key while it is exchanged; without it everybody is signed out.
SECRET_KEY_FALLBACKS = env.names("SECRET_KEY_FALLBACKS")
SECOND_FACTOR_KEY = env.secret("SECOND_FACTOR_KEY", shortest=50)
FIELD_KEYS = env.field_keys()
FIELD_INDEX_KEY = env.field_index_key()
ALLOWED_HOSTS = env.names("ALLOWED_HOSTS")
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS]

DATABASES = {"default": {**env.database(env.over_tls(DATABASE, env.server(DATABASE))), **DATABASE_DEFAULTS}}
DATABASES["default"]["OPTIONS"].setdefault("options", SESSION_LIMITS)
REDIS_URL = env.over_tls("REDIS_URL", env.server("REDIS_URL"))
CELERY_BROKER_URL = REDIS_URL
if REDIS_URL.startswith("rediss:"):
    # REDIS_CA: the one authority that the broker's certificate may come from; else those of the machine.
    CELERY_BROKER_USE_SSL = {
        "ssl_cert_reqs": ssl.CERT_REQUIRED,
        "ssl_check_hostname": True,
        "ssl_ca_certs": env.text("REDIS_CA") or None,
    }

SECURE_SSL_REDIRECT = True
# Systems are not led on to TLS, or nobody would notice what they sent in the clear: `bureau.console.api` refuses them.
SECURE_REDIRECT_EXEMPT = ["^healthz$", "^readyz$", "^api/"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
# Whether browsers carry the portal's name in their own lists is the city's to decide.
SILENCED_SYSTEM_CHECKS = ["security.W021"]
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
# With this prefix a browser takes the cookie from this host over TLS alone.
SESSION_COOKIE_NAME = "__Host-session"
CSRF_COOKIE_NAME = "__Host-csrf"
# TLS ends at a proxy; 2 where a load balancer stands before it.
TRUSTED_PROXIES = int(env.text("TRUSTED_PROXIES", "1"))
STATIC_ROOT = BASE_DIR / "staticfiles"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
