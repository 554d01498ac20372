"""Codes in plain words, for servers that name a condition by nothing but its code.

Only codes that raise an urgency are here. Rules: ICD-10-CM (chapter and block titles), SNOMED CT
(the three concepts of pregnancy that US Core servers write).
"""

from collections.abc import Mapping

_LONGEST_CODE = 8

ICD_10: Mapping[str, str] = {
    "B20": "HIV",
    **dict.fromkeys(("C0", "C1", "C2", "C3", "C4", "C5", "C6", "C7", "C8", "C9"), "cancer"),
    **dict.fromkeys(("C81", "C82", "C83", "C84", "C85", "C86", "C88"), "lymphoma"),
    "C90": "myeloma",
    **dict.fromkeys(("C91", "C92", "C93", "C94", "C95"), "leukemia"),
    **dict.fromkeys(("D66", "D67"), "hemophilia"),
    "D57": "sickle cell disease",
    "D68.0": "von Willebrand disease",
    "D69.3": "immune thrombocytopenia",
    "D69.6": "thrombocytopenia",
    "D70": "neutropenia",
    "D73.0": "asplenia",
    **dict.fromkeys(("D80", "D81", "D82", "D83", "D84"), "immunocompromised"),
    **dict.fromkeys(("E08", "E09", "E11", "E13"), "diabetes"),
    "E10": "type 1 diabetes",
    **dict.fromkeys(("E23.0", "E27.1", "E27.2", "E27.4"), "adrenal insufficiency"),
    "E25": "congenital adrenal hyperplasia",
    **dict.fromkeys(("I20", "I24", "I25"), "coronary artery disease"),
    **dict.fromkeys(("I21", "I22", "I25.2"), "heart attack"),
    "I26": "pulmonary embolism",
    **dict.fromkeys(("I42", "I43"), "cardiomyopathy"),
    "I48": "atrial fibrillation",
    "I50": "heart failure",
    "I82": "deep vein thrombosis",
    "J43": "emphysema",
    "J44": "COPD",
    "J96.1": "chronic respiratory failure",
    "N18.6": "dialysis",
    **dict.fromkeys(("O0", "O1", "O2", "O3", "O4"), "pregnancy"),
    **dict.fromkeys(("O80", "O82", "O85", "O86", "O87", "O88", "O90", "O91", "O92"), "postpartum"),
    "Q89.01": "asplenia",
    **dict.fromkeys(("Z33.1", "Z34", "Z3A"), "pregnancy"),
    "Z39": "postpartum",
    "Z51.11": "chemotherapy",
    "Z79.01": "anticoagulants",
    "Z79.02": "antiplatelet",
    "Z79.4": "insulin",
    "Z79.52": "steroids",
    "Z79.6": "immunosuppressed",
    "Z86.711": "pulmonary embolism",
    "Z86.718": "deep vein thrombosis",
    "Z90.81": "asplenia",
    "Z94": "transplant",
    "Z95.1": "coronary bypass",
    "Z95.5": "coronary stent",
    "Z95.8": "heart device",
    **dict.fromkeys(("Z99.2", "Z49"), "dialysis"),
    "Z99.81": "home oxygen",
}
SNOMED = {"77386006": "pregnancy", "72892002": "pregnancy", "86569001": "postpartum"}

_ICD_SYSTEMS = frozenset(
    {
        "http://hl7.org/fhir/sid/icd-10-cm",
        "http://hl7.org/fhir/sid/icd-10",
        "urn:oid:2.16.840.1.113883.6.90",
    }
)
_SNOMED_SYSTEMS = frozenset({"http://snomed.info/sct"})


def words_of(system: str | None, code: str) -> str:
    """What a code stands for, or ""; the longest known beginning of an ICD code counts.

    A code without a system is read as ICD-10-CM, the only one here whose codes look so.
    """
    if system in _SNOMED_SYSTEMS:
        return SNOMED.get(code, "")
    if system is not None and system not in _ICD_SYSTEMS:
        return ""
    written = code.strip().upper()[:_LONGEST_CODE]
    for length in range(len(written), 1, -1):
        if found := ICD_10.get(written[:length].rstrip(".")):
            return found
    return ""
