"""The screens of the counter in the admin; the verbs behind them are in ``loans.circulation``."""
