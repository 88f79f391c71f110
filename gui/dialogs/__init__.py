"""Dialogs return a draft or a command; they never save by themselves."""
