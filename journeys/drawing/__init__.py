"""Pictures of a path. Answers no request."""
