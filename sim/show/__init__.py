"""What people look at: tables on a terminal, what there is, figures, reports."""
