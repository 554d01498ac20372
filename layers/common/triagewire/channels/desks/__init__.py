"""What help desks and chats share: templates, quotations, marks."""
