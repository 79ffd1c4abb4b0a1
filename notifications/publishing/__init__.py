"""Telling people something from outside: a program asks with a token of somebody."""
