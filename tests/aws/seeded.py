"""A whole message of each sender, with a canary in every field that it fills."""

import json
from collections.abc import Mapping
from typing import Any

from tests.aws.identifiers import SENTENCE

TOPIC = "arn:aws:sns:us-east-1:123456789012:mail"
NAME, EMAIL, PHONE = "Quillon Zzyzx", "quillon.canary@mail.example", "+15550197531"
MRN, FILE = "MRN-CANARY-77", "canary-scan-11.pdf"
TEXT, SUBJECT = f"My knee hurts, canary-text-88. {SENTENCE}", "canary-subject-99"
LINK = f"https://files.example/canary-link-12/{FILE}"

SENDER = {"name": NAME, "email": EMAIL}
MESSAGE_ID = "<canary-mail-13@mail.example>"
PATIENT = {"reference": f"Patient/{MRN}", "display": NAME, "identifier": {"value": MRN}}
FULL: Mapping[str, Mapping[str, Any]] = {
    "athena": {
        "resourceType": "Bundle",
        "type": "history",
        "entry": [
            {
                "resource": {
                    "resourceType": "SubscriptionStatus",
                    "status": "active",
                    "type": "event-notification",
                    "topic": "https://api.athena.example/topics/PatientCase.create",
                    "subscription": {"reference": "Subscription/1", "display": NAME},
                    "notificationEvent": [
                        {
                            "id": "canary-event-14",
                            "timestamp": "2026-03-02T09:00:00-05:00",
                            "focus": {
                                "reference": f"Patient/{MRN}",
                                "identifier": {
                                    "system": "urn:athenahealth:athenanet:patientcase:1",
                                    "value": MRN,
                                },
                            },
                        }
                    ],
                }
            }
        ],
    },
    "dialpad": {
        "id": "canary-sms-15",
        "direction": "inbound",
        "from_number": PHONE,
        "text": TEXT,
        "mms_url": LINK,
        "contact": {"name": NAME, "email": EMAIL, "phone_number": PHONE},
    },
    "epic": {
        "type": "patient_message.received",
        "timestamp": "2026-03-02T09:00:00-05:00",
        "data": {
            "message_id": "canary-event-16",
            "thread_id": "canary-thread-17",
            "patient": {"mrn": MRN, "name": NAME, "email": EMAIL, "phone": PHONE},
            "sender": {"kind": "proxy", "name": NAME},
            "subject": SUBJECT,
            "body": TEXT,
            "attachments": [{"name": FILE, "url": LINK}],
        },
    },
    "fhir": {
        "resourceType": "Communication",
        "id": "canary-event-18",
        "status": "completed",
        "subject": PATIENT,
        "sender": PATIENT,
        "topic": {"text": SUBJECT},
        "inResponseTo": [{"reference": "Communication/canary-thread-19"}],
        "payload": [
            {"contentString": TEXT},
            {"contentAttachment": {"title": FILE, "url": LINK, "contentType": "application/pdf"}},
        ],
    },
    "freshdesk": {
        "freshdesk_webhook": {
            "triggered_event": "{ticket_action:created}",
            "ticket_id": "canary-thread-20",
            "ticket_subject": SUBJECT,
            "ticket_description": TEXT,
            "ticket_requester_name": NAME,
            "ticket_requester_email": EMAIL,
            "ticket_requester_phone": PHONE,
        }
    },
    "gravityforms": {"id": "canary-event-21", "form_id": "1", "1": TEXT, "2": EMAIL, "3": NAME},
    "intercom": {
        "type": "notification_event",
        "id": "canary-event-22",
        "topic": "conversation.user.created",
        "data": {
            "item": {
                "type": "conversation",
                "id": "canary-thread-23",
                "source": {
                    "subject": SUBJECT,
                    "body": f"<p>{TEXT}</p>",
                    "author": {"type": "user", "id": MRN, "name": NAME, "email": EMAIL},
                    "attachments": [{"name": FILE, "url": LINK}],
                },
            }
        },
    },
    "jotform": {
        "submissionID": "canary-event-24",
        "webhookURL": "https://hooks.clinic.example/webhook/north/jotform?key=SECRET",
        "pretty": f"Name:{NAME}, Text:{TEXT}",
        "rawRequest": json.dumps(
            {"q1_name": {"first": NAME}, "q2_email": EMAIL, "q3_message": TEXT, "file": [LINK]}
        ),
    },
    "mailgun": {
        "sender": EMAIL,
        "from": f"{NAME} <{EMAIL}>",
        "recipient": "desk@north.example",
        "subject": SUBJECT,
        "body-plain": TEXT,
        "message-url": LINK,
        "message-headers": [["Message-Id", MESSAGE_ID], ["In-Reply-To", MESSAGE_ID]],
    },
    "monitoring": {"id": "canary-event-25", "title": SUBJECT, "text": TEXT, "state": "alarm"},
    "postmark": {
        "MessageID": "canary-event-26",
        "FromFull": {"Email": EMAIL, "Name": NAME},
        "Subject": SUBJECT,
        "TextBody": TEXT,
        "Headers": [{"Name": "Message-ID", "Value": MESSAGE_ID}],
        "Attachments": [{"Name": FILE, "ContentType": "application/pdf", "ContentLength": 3}],
    },
    "ringcentral": {
        "uuid": "canary-event-27",
        "event": "/restapi/v1.0/account/~/extension/~/message-store/instant?type=SMS",
        "body": {
            "id": "canary-event-28",
            "type": "SMS",
            "direction": "Inbound",
            "subject": TEXT,
            "from": {"phoneNumber": PHONE, "name": NAME, "location": "canary-town-29"},
            "conversation": {"id": "canary-thread-30"},
        },
    },
    "sendgrid": {
        "headers": f"Message-ID: {MESSAGE_ID}\nFrom: {NAME} <{EMAIL}>\nSubject: {SUBJECT}\n",
        "from": f"{NAME} <{EMAIL}>",
        "subject": SUBJECT,
        "text": TEXT,
        "envelope": {"from": EMAIL, "to": ["desk@north.example"]},
        "attachments": "1",
        "attachment-info": {"attachment1": {"filename": FILE, "type": "application/pdf"}},
    },
    "slack": {
        "type": "event_callback",
        "event_id": "canary-event-31",
        "event": {
            "type": "message",
            "channel_type": "im",
            "channel": "canary-thread-32",
            "user": "canary-user-33",
            "text": TEXT,
            "ts": "1772460000.000100",
            "files": [{"name": FILE, "url_private": LINK}],
        },
    },
    "sns": {
        "notificationType": "Received",
        "mail": {"messageId": "canary-event-34", "source": EMAIL},
        "receipt": {"action": {"type": "SNS"}, "recipients": [EMAIL]},
        "content": f"From: {NAME} <{EMAIL}>\r\nSubject: {SUBJECT}\r\n"
        f"Message-ID: {MESSAGE_ID}\r\n\r\n{TEXT}\r\n",
    },
    "standard": {
        "type": "request.created",
        "data": {"text": TEXT, "subject": SUBJECT, "requester": {**SENDER, "phone": PHONE}},
    },
    "teams": {
        "type": "message",
        "id": "canary-event-35",
        "conversation": {"id": "canary-thread-36"},
        "from": {"name": NAME, "aadObjectId": MRN},
        "text": f"<at>Triagewire</at> {TEXT}",
    },
    "twilio": {
        "MessageSid": "canary-event-37",
        "From": PHONE,
        "Body": TEXT,
        "NumMedia": "1",
        "MediaUrl0": LINK,
        "MediaContentType0": "image/jpeg",
        "FromCity": "canary-town-38",
        "ProfileName": NAME,
    },
    "typeform": {
        "event_id": "canary-event-39",
        "event_type": "form_response",
        "form_response": {
            "definition": {"fields": [{"id": "q1", "type": "long_text", "title": SUBJECT}]},
            "answers": [
                {"type": "text", "text": TEXT, "field": {"id": "q1", "type": "long_text"}},
                {"type": "email", "email": EMAIL, "field": {"id": "q2", "type": "email"}},
                {"type": "file_url", "file_url": LINK, "field": {"id": "q3", "type": "file"}},
            ],
            "hidden": {"mrn": MRN},
        },
    },
    "web": {"text": TEXT, "subject": SUBJECT, "submission_id": "canary-event-40", **SENDER},
    "zendesk": {
        "ticket_id": "canary-thread-41",
        "subject": SUBJECT,
        "text": TEXT,
        "requester_name": NAME,
        "requester_email": EMAIL,
    },
}
