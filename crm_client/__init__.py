"""One face, several backends: whoever asks a CRM something asks here and never knows which one answers."""
