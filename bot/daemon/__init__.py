"""What keeps Vigie running: its jobs and their hours, the rules in force, who is told what, and how it is watched."""
