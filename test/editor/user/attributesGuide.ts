const scale = (replicas: number): string =>
  `kubectl scale deployment catalog -n production --replicas=${replicas}`;
const pods = 'kubectl get pods -n production -l app=catalog';

/** Each step of the first runbook in the order of its tests, each of the others in the order it would run. */
export const attributesGuide = `# Attributes

## Runbooks

### One By One

\`\`\`bash {"ir.risk":"destructive"}
# Raise the risk
${scale(3)}
\`\`\`

\`\`\`bash {"ir.undo":"${scale(4)}"}
# Write the way back
${scale(5)}
\`\`\`

\`\`\`bash {"ir.timeout":"2s"}
# End in time
echo $$ > timed; sleep 600
\`\`\`

\`\`\`bash {"ir.approve":"second person"}
# Ask somebody
${scale(6)}
\`\`\`

\`\`\`bash {"ir.capture":"first=cell(\\"NAME\\")"}
# Take a name
${pods}
\`\`\`

\`\`\`bash
# Delete it
kubectl delete pod <first> -n production
\`\`\`

\`\`\`bash {"ir.target":"namespace=staging"}
# Look elsewhere
kubectl get pods -l app=payment-service -o name
\`\`\`

\`\`\`bash {"ir.target":"namespace=staging"}
# Change elsewhere
kubectl scale deployment payment-service --replicas=2
\`\`\`

\`\`\`bash {"cwd":"../tools"}
# Start in a folder
pwd > here
\`\`\`

\`\`\`bash {"interactive":"true"}
# Ask in a terminal
echo up > waiting; read -r line; echo "$line" > typed
\`\`\`

\`\`\`bash {"background":"true"}
# Keep running
echo $$ > kept; sleep 600
\`\`\`

\`\`\`bash {"promptEnv":"no"}
# Take it as written
export REGION="as written"
echo "$REGION" > region
\`\`\`

\`\`\`bash {"interpreter":"node"}
# Run a program
require('node:fs').writeFileSync('by', process.release.name)
\`\`\`

\`\`\`bash {"promptEnv":"auto"}
# Ask for it
export ZONE="offered"
echo "$ZONE" > zone
\`\`\`

\`\`\`bash {"skipPrompts":"true"}
# Ask for nothing
export SHARD="as it stands"
echo "$SHARD" > shard
\`\`\`

### Together

\`\`\`bash {"tag":"batch","ir.assert":"pods.total > 0"}
# Look first
${pods}
\`\`\`

\`\`\`bash {"tag":"batch","ir.when":"pods.total > 99"}
# Only with very many
${scale(7)}
\`\`\`

\`\`\`bash {"tag":"batch","excludeFromRunAll":"true"}
# Only ever alone
${scale(8)}
\`\`\`

\`\`\`bash
# Of no tag
${scale(9)}
\`\`\`

\`\`\`bash {"tag":"batch"}
# The one that runs
${scale(2)}
\`\`\`

\`\`\`bash {"tag":"batch","ir.assert":"pods.total == 99"}
# Look again
${pods}
\`\`\`

\`\`\`bash {"tag":"batch"}
# Behind what does not hold
${scale(1)}
\`\`\`

### Carry On

\`\`\`bash {"category":"nightly","ir.keepGoing":"true"}
# Fail first
exit 3
\`\`\`

\`\`\`bash {"category":"nightly"}
# Go on all the same
echo on > carried
\`\`\`

\`\`\`bash
# Of no category
echo off > left
\`\`\`

\`\`\`bash {"category":"nightly"}
# Fail again
exit 4
\`\`\`

\`\`\`bash {"category":"nightly"}
# Never reached
echo reached > reached
\`\`\`
`;
