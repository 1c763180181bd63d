"""The HTTP server of the reviews."""

from app import reviews
from platform_kit.server import serve

if __name__ == "__main__":
    serve(reviews)
