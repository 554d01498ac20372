"""FHIR as `fhir`, `athena`, `epic` and the reader understand it."""
