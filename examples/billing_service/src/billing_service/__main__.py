"""`python -m billing_service`."""

import sys

from billing_service.command import main

sys.exit(main())
