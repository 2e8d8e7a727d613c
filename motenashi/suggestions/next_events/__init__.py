"""What happens next in any log of events, and when: variable-order chains and boosted trees."""
