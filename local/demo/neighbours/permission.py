"""The one permission that the emulator names otherwise than AWS does."""

import json
from typing import Any

from local.demo.world import World

CONVERSE, GRANTED = "bedrock:Converse", "bedrock:InvokeModel"
NAME = "what-the-emulator-calls-converse"


def allow_converse(world: World) -> None:
    """AWS lets Converse be called by whoever may InvokeModel; the emulator asks for an action of
    its own. The role gets it for the models that the template granted, and for no other.
    """
    function = world.client("lambda").get_function_configuration(
        FunctionName=world.stack.outputs["ScoreRouteFunctionName"]
    )
    role = function["Role"].rpartition("/")[2]
    for granted in _granted(world, role):
        statement = {"Effect": "Allow", "Action": CONVERSE, "Resource": granted["Resource"]}
        document = {"Version": "2012-10-17", "Statement": [statement]}
        world.client("iam").put_role_policy(
            RoleName=role, PolicyName=NAME, PolicyDocument=json.dumps(document)
        )


def _granted(world: World, role: str) -> list[dict[str, Any]]:
    """The statements of the role that let it ask a model."""
    iam = world.client("iam")
    statements = []
    for each in iam.list_attached_role_policies(RoleName=role)["AttachedPolicies"]:
        version = iam.get_policy(PolicyArn=each["PolicyArn"])["Policy"]["DefaultVersionId"]
        found = iam.get_policy_version(PolicyArn=each["PolicyArn"], VersionId=version)
        document = found["PolicyVersion"]["Document"]
        statements += (json.loads(document) if isinstance(document, str) else document)["Statement"]
    return [each for each in statements if GRANTED in each["Action"]]
