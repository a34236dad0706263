"""``python -m tribus`` is the program ``tribus``."""

import sys

from tribus._command import main

sys.exit(main())
