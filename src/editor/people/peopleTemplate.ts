/** What a new people file begins with: an example that is a comment until somebody makes it theirs. */
export const peopleTemplate = `# Who can be called in an incident. Roles as the guide's escalation table and contacts name them.
# Take the example's "# " away and write your own; every line but the name may be left out.
#
# - name: Ana Lima
#   roles: [Tech Lead, Incident Lead]
#   phone: +351 210 000 001
#   email: ana@example.org
#   slack: U012AB3CD        # member id: profile, more, Copy member ID
#   pagerduty: PXPGF42      # the end of the address of the user's page
#   github: ana-lima
`;
