"""Any mail, whole or in parts: its words, its headers, and what mail systems say in it."""
