"""The teams that a verdict can name: every site has a queue for each."""

CLINICAL = "clinical"
OFFICE = ("billing", "scheduling", "portal")
PATIENT_TEAMS = (CLINICAL, *OFFICE)
"""Whom a patient can need: no patient asks for IT."""
IT = ("it_access", "it_endpoint", "it_application", "it_ehr")
"""The resolver groups."""
TEAMS = (*PATIENT_TEAMS, *IT)

USUAL_TOPICS = {
    CLINICAL: "advice",
    "billing": "billing",
    "scheduling": "appointment",
    "portal": "portal",
    "it_access": "access",
    "it_endpoint": "endpoint",
    "it_application": "application",
    "it_ehr": "clinical_system",
}
"""What a request to a team is about where no rule of its says so."""
