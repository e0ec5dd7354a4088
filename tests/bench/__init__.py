"""Speed and size, measured against bare Django on the same machine in the same run. Nothing here is a test."""
