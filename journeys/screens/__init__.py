"""What pages show, for views, the admin and commands. Answers no request."""
