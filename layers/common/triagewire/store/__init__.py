"""DynamoDB: the only code that names an attribute or an index. Everything else sees tickets,
messages and events.
"""
