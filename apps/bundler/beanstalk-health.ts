/**
 * Time from the launch of an instance in which failed health checks do not replace it: Beanstalk sets it up, nginx and
 * the service start, and two checks pass. It is the value of AWS's own example; a test compares it with the plan.
 */
const graceSeconds = 300;

/** Path of the file with Beanstalk's health check in a service's folder. Only Beanstalk reads the folder it is in. */
export const beanstalkHealthPath = ".ebextensions/health.config";

/**
 * Contents of `beanstalkHealthPath`. They make the Auto Scaling group of a Beanstalk environment replace a server that
 * its balancer finds unhealthy. By default it replaces a server only when the instance itself fails, so that a server
 * that hangs would stay for ever; no option of a Beanstalk environment changes this.
 * @see https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/environmentconfig-autoscaling-healthchecktype.html
 */
export const beanstalkHealth = `Resources:
  AWSEBAutoScalingGroup:
    Type: AWS::AutoScaling::AutoScalingGroup
    Properties:
      HealthCheckType: ELB
      HealthCheckGracePeriod: ${graceSeconds}
`;
