#!/bin/sh
# Computes two real footprints: a smelter's year and two garments.
set -eu
zuji=$1
cd "$(dirname "$0")/.."
"$zuji" run rules/metals/primary_aluminium.pcr rules/metals/examples/smelter_2024.json --factors rules/factors
"$zuji" run rules/textiles/garment.pcr rules/textiles/examples/garments.json
