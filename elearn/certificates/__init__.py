"""The register of certificates: numbers without gaps, printing, correction, revocation, verification by anybody."""
