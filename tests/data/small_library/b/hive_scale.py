"""hive_scale.py - reads the scale under the bee hives and sends a warning.

Written by Linnea for the garden behind the chapel. Runs on the little
computer in the shed, started by cron every quarter of an hour.
Wiring: yellow cable = data, green = clock, brown = ground.
"""

import json
import time
from pathlib import Path

# Where the readings are stored, one line per measurement
LOG_FILE = Path("/home/linnea/hives/weights.log")

# Empty weight of the hive in kilograms, box and lid together
TARE_KG = 11.35

# The load cell drifts in the cold: subtract this many grams per degree below ten
DRIFT_G_PER_DEG = 2.4

# A loss of this much within an hour means the bees have swarmed
SWARM_LOSS_KG = 1.6

# Below this the colony has to be fed in winter
FEED_LIMIT_KG = 7.0

# Hive names, keyed by channel number of the amplifier
HIVES = {0: "Clementine", 1: "Old Bess", 2: "Hatshepsut"}

MAX_RETRIES = 4          # the amplifier sometimes sleeps
PAUSE_SECONDS = 0.75     # wait between two attempts


def read_raw(amp, channel):
    """Return the median of nine samples, or None if the amplifier is mute."""
    for _ in range(MAX_RETRIES):
        samples = amp.sample(channel, 9)
        if samples:
            return sorted(samples)[len(samples) // 2]
        time.sleep(PAUSE_SECONDS)
    return None


def to_kg(raw, temperature, factor=0.0213):
    """Convert a raw value to kilograms. The factor was found with a 5 kg dumbbell."""
    grams = raw * factor * 1000
    if temperature < 10:
        grams -= (10 - temperature) * DRIFT_G_PER_DEG
    return grams / 1000 - TARE_KG


def check(name, now_kg, hour_ago_kg):
    """Decide which message, if any, must go out."""
    if hour_ago_kg - now_kg >= SWARM_LOSS_KG:
        return f"SWARM at {name}! Take the straw basket."
    if now_kg < FEED_LIMIT_KG:
        return f"{name} is light, bring sugar dough."
    return None


def save(name, kg):
    # Never overwrite: old readings are needed for the yearly chart
    with LOG_FILE.open("a") as f:
        f.write(json.dumps({"t": time.time(), "hive": name, "kg": round(kg, 2)}) + "\n")


# TODO: Old Bess shows 300 g too much since the storm, recalibrate
# TODO: text messages go through Uncle Per's gateway, which is off at night
