"""Site calendars, the promised time that they measure, and the timers that watch it."""
