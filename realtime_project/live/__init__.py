"""The real-time kernel: streams, topics, the hub and the socket. It knows no domain word."""
