"""What a deployment sets by environment variables, read once, on first use."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The environment of a function. A part that a function has no business with is empty there.

    Without `notify_people` it is debug mode: everything happens, and nothing is sent to anybody.
    `reply_hosts` says where a receiver of webhooks stands that is not public: the embedded stack
    and tests name some, the template never does.
    """

    tickets_table: str
    ledger_table: str
    webhook_secrets_arn: str = ""
    identity_key_arn: str = ""
    link_key_arn: str = ""
    reader_secrets_arn: str = ""
    pages_topic_arn: str = ""
    alerts_topic_arn: str = ""
    sender_address: str = ""
    desk_url: str = ""
    link_url: str = ""
    public_url: str = ""
    reply_secrets_arn: str = ""
    reply_queue_url: str = ""
    automation_bus: str = ""
    inbound_bucket: str = ""
    audit_bucket: str = ""
    reports_bucket: str = ""
    signing_key_arn: str = ""
    message_key_arn: str = ""
    console_networks: str = ""
    notify_people: bool = True
    reply_hosts: Mapping[str, tuple[str, int]] = field(default_factory=dict)


@cache
def settings() -> Settings:
    """The settings of this function. Raises KeyError at the first call if the template lacks a
    table's name.
    """
    environment = os.environ
    return Settings(
        tickets_table=environment["TICKETS_TABLE"],
        ledger_table=environment["LEDGER_TABLE"],
        webhook_secrets_arn=environment.get("WEBHOOK_SECRETS_ARN", ""),
        identity_key_arn=environment.get("IDENTITY_KEY_ARN", ""),
        link_key_arn=environment.get("LINK_KEY_ARN", ""),
        reader_secrets_arn=environment.get("READER_SECRETS_ARN", ""),
        pages_topic_arn=environment.get("PAGES_TOPIC_ARN", ""),
        alerts_topic_arn=environment.get("ALERTS_TOPIC_ARN", ""),
        sender_address=environment.get("SENDER_ADDRESS", ""),
        desk_url=environment.get("DESK_URL", ""),
        link_url=environment.get("LINK_URL", ""),
        public_url=environment.get("PUBLIC_URL", ""),
        reply_secrets_arn=environment.get("REPLY_SECRETS_ARN", ""),
        reply_queue_url=environment.get("REPLY_QUEUE_URL", ""),
        automation_bus=environment.get("AUTOMATION_BUS", ""),
        inbound_bucket=environment.get("INBOUND_BUCKET", ""),
        audit_bucket=environment.get("AUDIT_BUCKET", ""),
        reports_bucket=environment.get("REPORTS_BUCKET", ""),
        signing_key_arn=environment.get("SIGNING_KEY_ARN", ""),
        message_key_arn=environment.get("MESSAGE_KEY_ARN", ""),
        console_networks=environment.get("CONSOLE_NETWORKS", ""),
        notify_people=environment.get("NOTIFY_PEOPLE", "true") != "false",
        reply_hosts=_places(environment.get("REPLY_HOSTS", "")),
    )


def _places(listed: str) -> dict[str, tuple[str, int]]:
    """`name=address`, or `name=address:port`, parted by spaces; port 0 is that of the policy."""
    found = (each.partition("=") for each in listed.split())
    places = {name: place.partition(":") for name, _, place in found}
    return {name: (address, int(port or 0)) for name, (address, _, port) in places.items()}
