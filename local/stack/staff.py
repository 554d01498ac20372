"""Members of staff of the embedded stack, and their tokens for the desk."""

import contextlib
import secrets

import boto3

from local.stack.deployment import Stack


def give_password(stack: Stack, member: str) -> str:
    """A new password of a member, who is put into the staff directory first if need be."""
    directory = boto3.client("cognito-idp", **stack.aws())
    pool = stack.outputs["UserPoolId"]
    password = f"{secrets.token_urlsafe(16)}-aA1"
    with contextlib.suppress(directory.exceptions.UsernameExistsException):
        directory.admin_create_user(
            UserPoolId=pool,
            Username=member,
            TemporaryPassword=password,
            MessageAction="SUPPRESS",
        )
    directory.admin_set_user_password(
        UserPoolId=pool, Username=member, Password=password, Permanent=True
    )
    return password


def sign_in(stack: Stack, member: str) -> str:
    """An ID token of a member, who gets a new password for it.

    The desk wants it in the Authorization header; it is good for 15 minutes of the stack's time,
    and while it is used for an hour.
    The emulator asks for a second factor only from members who have set one up.
    """
    password = give_password(stack, member)
    directory = boto3.client("cognito-idp", **stack.aws())
    answer = directory.admin_initiate_auth(
        UserPoolId=stack.outputs["UserPoolId"],
        ClientId=stack.outputs["UserPoolClientId"],
        AuthFlow="ADMIN_USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": member, "PASSWORD": password},
    )
    return answer["AuthenticationResult"]["IdToken"]
