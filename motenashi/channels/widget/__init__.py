"""Our own chat box: the script a page loads, and the door it talks to."""
