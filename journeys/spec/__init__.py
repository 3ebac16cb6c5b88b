"""The Journey Spec document as pure functions: no Django, no I/O."""
