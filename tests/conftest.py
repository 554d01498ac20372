"""What every test starts from: no real account, and properties that can be repeated."""

import os

from hypothesis import HealthCheck, settings

os.environ.update(
    AWS_ACCESS_KEY_ID="testing",
    AWS_SECRET_ACCESS_KEY="testing",
    AWS_DEFAULT_REGION="us-east-1",
    TICKETS_TABLE="tickets",
    LEDGER_TABLE="ledger",
    SENDER_ADDRESS="desk@clinic.example",
    DESK_URL="https://desk.clinic.example",
    PUBLIC_URL="https://hooks.clinic.example",
    POWERTOOLS_SERVICE_NAME="triagewire",
    POWERTOOLS_METRICS_NAMESPACE="Triagewire",
    LOG_LEVEL="INFO",
)
os.environ.pop("AWS_PROFILE", None)

# Two busy cores make any deadline a flaky one; the same seed everywhere makes a failure repeatable.
settings.register_profile(
    "triagewire",
    deadline=None,
    derandomize=True,
    max_examples=60,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("triagewire")
