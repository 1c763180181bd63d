import {
  ApiGatewayManagementApiClient,
  DeleteConnectionCommand,
  GoneException,
  PostToConnectionCommand,
} from "@aws-sdk/client-apigatewaymanagementapi";

/** Does something to an open connection; false when it is gone. */
export interface Connected {
  post(id: string, text: string): Promise<boolean>;
  end(id: string): Promise<boolean>;
}

/** Makes the client of a region's open connections. @param url  of the API's own name in the region: `https://…` */
export function connectedAt(url: string): Connected {
  const client = new ApiGatewayManagementApiClient({
    endpoint: url,
    // Together less than a sender has, also where it then ends the connection.
    maxAttempts: 2,
    requestHandler: { connectionTimeout: 1_000, requestTimeout: 2_000, throwOnRequestTimeout: true },
  });
  const unlessGone = (error: unknown) => {
    if (error instanceof GoneException) return false;
    throw error;
  };
  return {
    post: (ConnectionId, text) =>
      client.send(new PostToConnectionCommand({ ConnectionId, Data: text })).then(() => true, unlessGone),
    end: (ConnectionId) => client.send(new DeleteConnectionCommand({ ConnectionId })).then(() => true, unlessGone),
  };
}
