"""What people take away: workbooks and tables, by the same code path as the screen."""
