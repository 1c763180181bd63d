"""The Lambda function of the reviews."""

from app import reviews
from platform_kit.function import lambda_handler

handler = lambda_handler(reviews)
