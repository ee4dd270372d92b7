"""What happens when processes, connections and the outside world fail in the middle of things."""
