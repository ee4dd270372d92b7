"""Pure domain rules: dates, numbers, names. Each module is one noun; nothing here touches the database or the web."""
