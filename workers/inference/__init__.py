"""What an inference worker holds, and each thing that it can be asked."""
