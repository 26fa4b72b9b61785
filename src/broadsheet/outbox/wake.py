"""A bell in this process: something was queued, the worker need not wait for its next round."""

import threading

queued = threading.Event()
