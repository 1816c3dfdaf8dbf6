"""How long a fact may take to come on a machine whose cores others hold: costs only where a test fails."""

PATIENCE_SECONDS = 60.0
