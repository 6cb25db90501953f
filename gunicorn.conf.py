"""What gunicorn reads by itself when it is started in this folder: its lines are the portal's, in the portal's time."""

import os
import time

from opac import request_log

os.environ["TZ"] = "Asia/Tokyo"  # as the workers, where Django sets it
time.tzset()

logconfig_dict = request_log.configuration(as_json=os.environ.get("LOG_JSON", "").lower() in {"1", "true", "yes", "on"})
