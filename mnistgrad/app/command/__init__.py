"""The command `mnistgrad`: the dashboard, and everything that it shows without a browser.

What begins a command imports click alone, so that its help is there at once; the work, and torch with it, comes after.
"""
