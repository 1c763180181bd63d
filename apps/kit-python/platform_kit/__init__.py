"""The small framework that every service in Python stands on: what apps/kit does for services in TypeScript.

Both give the same answers to the same requests; tests/apps sends the same ones to both.
"""
