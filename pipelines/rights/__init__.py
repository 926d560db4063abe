"""People's rights: to be forgotten, to be told what is known of them and whence, and not to be kept for ever.

Here: forgetting at once, telling, retention, requests and their deadlines. Elsewhere: being left out from now on (`suppression`).
"""
